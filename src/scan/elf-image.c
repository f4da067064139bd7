/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads ELF files with libelf, which reads by offset (no mapping, so that a file that shrinks is an
 * error and not a signal). Images are immutable once made. The cache of the files seen last belongs
 * to the process and is guarded by one lock.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/elf-image.h"

#include "util/error.h"

#include <gelf.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>

#define CACHE_SIZE 1024

/* The symbols that rules ask for; everything else in a symbol table is passed over. */
static const char *const known_symbols[] = {
  "gHotSpotVMStructs",
  "gHotSpotVMStructEntryArrayStride",
  "gHotSpotVMStructEntryTypeNameOffset",
  "gHotSpotVMStructEntryFieldNameOffset",
  "gHotSpotVMStructEntryIsStaticOffset",
  "gHotSpotVMStructEntryOffsetOffset",
  "gHotSpotVMStructEntryAddressOffset",
  "mallctl",
  "je_mallctl",
  "_rjem_mallctl",
  "_rjem_je_mallctl",
  "tc_malloc",
  "mi_malloc",
  "_PyRuntime",
  "Py_Main",
  "Py_BytesMain",
  "Py_GetVersion",
  "ruby_init",
  "runtime.mheap_",
  "caml_startup",
  "zend_alloc",
  "zend_startup",
  "erl_start",
  "lua_newstate",
  "perl_construct",
  "rpmalloc",
  "sn_malloc",
  "__scudo_allocate",
  "node_module_register",
  "_ZN2v87Isolate3NewERKNS0_12CreateParamsE",
  "__asan_init",
};

struct _AtlasElfImage
{
  gatomicrefcount references;
  GArray *segments; /* of AtlasElfSegment, by address */
  GArray *sections; /* of AtlasElfSection with an address, by address */
  GStringChunk *names;
  GHashTable *section_names; /* set, owned by names */
  guint64 relro_start;
  guint64 relro_end;
  guint64 symbols[G_N_ELEMENTS (known_symbols)];
  gboolean has_symbol[G_N_ELEMENTS (known_symbols)];
};

typedef struct
{
  dev_t device;
  ino_t inode;
  gint64 size;
  gint64 changed; /* ns */
  gboolean with_symbols;
  AtlasElfImage *image; /* NULL: no usable ELF file */
  guint64 used;
} CacheEntry;

G_LOCK_DEFINE_STATIC (cache);
static GHashTable *cache;
static guint64 cache_clock;

static AtlasElfImage *
image_alloc (void)
{
  AtlasElfImage *image = g_new0 (AtlasElfImage, 1);

  g_atomic_ref_count_init (&image->references);
  image->segments = g_array_new (FALSE, FALSE, sizeof (AtlasElfSegment));
  image->sections = g_array_new (FALSE, FALSE, sizeof (AtlasElfSection));
  image->names = g_string_chunk_new (512);
  image->section_names = g_hash_table_new (g_str_hash, g_str_equal);
  return image;
}

static gint
compare_segments (gconstpointer a, gconstpointer b)
{
  const AtlasElfSegment *left = a;
  const AtlasElfSegment *right = b;

  return left->address < right->address ? -1 : left->address > right->address;
}

static gint
compare_sections (gconstpointer a, gconstpointer b)
{
  const AtlasElfSection *left = a;
  const AtlasElfSection *right = b;

  return left->address < right->address ? -1 : left->address > right->address;
}

static gboolean
read_segments (AtlasElfImage *image, Elf *elf, GError **error)
{
  size_t n = 0;

  if (elf_getphdrnum (elf, &n) != 0 || n > ATLAS_ELF_MAX_SEGMENTS)
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
                   _ ("the ELF program headers are damaged"));
      return FALSE;
    }
  for (size_t i = 0; i < n; i++)
    {
      GElf_Phdr header;
      if (gelf_getphdr (elf, (int)i, &header) == NULL)
        break;
      if (header.p_type == PT_GNU_RELRO && header.p_vaddr + header.p_memsz >= header.p_vaddr)
        {
          image->relro_start = header.p_vaddr;
          image->relro_end = header.p_vaddr + header.p_memsz;
        }
      if (header.p_type != PT_LOAD || header.p_memsz == 0)
        continue;
      if (header.p_memsz < header.p_filesz || header.p_vaddr + header.p_memsz < header.p_vaddr ||
          header.p_offset + header.p_filesz < header.p_offset ||
          header.p_vaddr + header.p_memsz > G_GUINT64_CONSTANT (1) << 62)
        {
          g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT, _ ("an ELF segment is impossible"));
          return FALSE;
        }
      AtlasElfSegment segment = { .offset = header.p_offset,
                                  .address = header.p_vaddr,
                                  .file_size = header.p_filesz,
                                  .size = header.p_memsz,
                                  .flags = header.p_flags };
      g_array_append_val (image->segments, segment);
    }
  if (image->segments->len == 0)
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT, _ ("the ELF file has nothing to load"));
      return FALSE;
    }
  g_array_sort (image->segments, compare_segments);
  return TRUE;
}

/* @room: bytes from @name to the end of its table, which need not end with NUL. */
static gboolean
is_known_symbol (const char *name, gsize room, guint *out_index)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_symbols); i++)
    {
      if (known_symbols[i][0] != name[0])
        continue;
      gsize size = strlen (known_symbols[i]) + 1;
      if (size <= room && memcmp (known_symbols[i], name, size) == 0)
        {
          *out_index = i;
          return TRUE;
        }
    }
  return FALSE;
}

static void
read_symbols (AtlasElfImage *image, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
  if (header->sh_size > ATLAS_ELF_MAX_TABLE || header->sh_entsize == 0)
    return;

  Elf_Scn *text_section = elf_getscn (elf, header->sh_link);
  GElf_Shdr text_header;
  if (text_section == NULL || gelf_getshdr (text_section, &text_header) == NULL ||
      text_header.sh_type != SHT_STRTAB || text_header.sh_size > ATLAS_ELF_MAX_TABLE)
    return;

  Elf_Data *data = elf_getdata (section, NULL);
  Elf_Data *text = elf_getdata (text_section, NULL);
  if (data == NULL || text == NULL || data->d_buf == NULL || text->d_buf == NULL ||
      text->d_size == 0)
    return;

  const char *strings = text->d_buf;
  guint64 n = MIN (header->sh_size / header->sh_entsize, ATLAS_ELF_MAX_SYMBOLS);
  for (guint64 i = 0; i < n; i++)
    {
      GElf_Sym symbol;
      guint index;
      if (gelf_getsym (data, (int)i, &symbol) == NULL)
        break;
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_name == 0 || symbol.st_name >= text->d_size)
        continue;
      if (is_known_symbol (strings + symbol.st_name, text->d_size - symbol.st_name, &index) &&
          !image->has_symbol[index])
        {
          image->has_symbol[index] = TRUE;
          image->symbols[index] = symbol.st_value;
        }
    }
}

static gboolean
has_any_symbol (const AtlasElfImage *image)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_symbols); i++)
    if (image->has_symbol[i])
      return TRUE;
  return FALSE;
}

static void
read_sections (AtlasElfImage *image, Elf *elf, gboolean with_symbols)
{
  size_t names = 0;
  size_t n = 0;
  Elf_Scn *section = NULL;

  if (elf_getshdrnum (elf, &n) != 0 || n > ATLAS_ELF_MAX_SECTIONS ||
      elf_getshdrstrndx (elf, &names) != 0)
    return;
  /* libelf would read the whole table of names at once, however large the file says it is. */
  GElf_Shdr names_header;
  if (gelf_getshdr (elf_getscn (elf, names), &names_header) == NULL ||
      names_header.sh_size > ATLAS_ELF_MAX_TABLE)
    return;
  while ((section = elf_nextscn (elf, section)) != NULL)
    {
      GElf_Shdr header;
      if (gelf_getshdr (section, &header) == NULL)
        break;
      const char *name = elf_strptr (elf, names, header.sh_name);
      if (name == NULL || name[0] == '\0')
        continue;
      name = g_string_chunk_insert_len (image->names, name, (gssize)strnlen (name, 128));
      g_hash_table_add (image->section_names, (gpointer)name);
      /* The full table is many times larger, and rarely says more. */
      if (header.sh_type == SHT_DYNSYM ||
          (with_symbols && header.sh_type == SHT_SYMTAB && !has_any_symbol (image)))
        read_symbols (image, elf, section, &header);
      gboolean is_tls_template = (header.sh_flags & SHF_TLS) && header.sh_type == SHT_NOBITS;
      if ((header.sh_flags & SHF_ALLOC) && header.sh_size > 0 && !is_tls_template &&
          header.sh_addr + header.sh_size >= header.sh_addr)
        {
          AtlasElfSection one = { .name = name,
                                  .address = header.sh_addr,
                                  .size = header.sh_size,
                                  .no_bits = header.sh_type == SHT_NOBITS };
          g_array_append_val (image->sections, one);
        }
    }
  g_array_sort (image->sections, compare_sections);
}

AtlasElfImage *
atlas_elf_image_new (int fd, gboolean with_symbols, GError **error)
{
  struct stat facts;

  if (fstat (fd, &facts) != 0 || !S_ISREG (facts.st_mode))
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_IO, _ ("not a regular file"));
      return NULL;
    }
  elf_version (EV_CURRENT);

  Elf *elf = elf_begin (fd, ELF_C_READ, NULL);
  GElf_Ehdr header;
  if (elf == NULL || elf_kind (elf) != ELF_K_ELF || gelf_getehdr (elf, &header) == NULL ||
      (header.e_type != ET_EXEC && header.e_type != ET_DYN))
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT, _ ("not an ELF program or library"));
      elf_end (elf);
      return NULL;
    }

  g_autoptr (AtlasElfImage) image = image_alloc ();
  gboolean good = read_segments (image, elf, error);
  if (good)
    read_sections (image, elf, with_symbols);
  elf_end (elf);
  return good ? g_steal_pointer (&image) : NULL;
}

AtlasElfImage *
atlas_elf_image_ref (AtlasElfImage *image)
{
  g_atomic_ref_count_inc (&image->references);
  return image;
}

void
atlas_elf_image_unref (AtlasElfImage *image)
{
  if (!g_atomic_ref_count_dec (&image->references))
    return;
  g_array_unref (image->segments);
  g_array_unref (image->sections);
  g_hash_table_unref (image->section_names);
  g_string_chunk_free (image->names);
  g_free (image);
}

static guint
entry_hash (gconstpointer data)
{
  const CacheEntry *entry = data;

  return (guint)entry->inode * 2654435761u ^ (guint)entry->device ^ (guint)entry->changed;
}

static gboolean
entry_equal (gconstpointer a, gconstpointer b)
{
  const CacheEntry *left = a;
  const CacheEntry *right = b;

  return left->device == right->device && left->inode == right->inode &&
         left->size == right->size && left->changed == right->changed &&
         left->with_symbols == right->with_symbols;
}

static void
entry_free (gpointer data)
{
  CacheEntry *entry = data;

  g_clear_pointer (&entry->image, atlas_elf_image_unref);
  g_free (entry);
}

static gboolean
is_old (gpointer key, gpointer value, gpointer data)
{
  return cache_clock - ((CacheEntry *)key)->used > CACHE_SIZE / 2;
}

AtlasElfImage *
atlas_elf_image_get (int fd, gboolean with_symbols, GError **error)
{
  struct stat facts;

  if (fstat (fd, &facts) != 0 || !S_ISREG (facts.st_mode))
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_IO, _ ("not a regular file"));
      return NULL;
    }
  CacheEntry wanted = { .device = facts.st_dev,
                        .inode = facts.st_ino,
                        .size = facts.st_size,
                        .changed = (gint64)facts.st_ctim.tv_sec * G_GINT64_CONSTANT (1000000000) +
                                   facts.st_ctim.tv_nsec,
                        .with_symbols = with_symbols };
  AtlasElfImage *image = NULL;
  gboolean found = FALSE;

  G_LOCK (cache);
  CacheEntry *entry = cache != NULL ? g_hash_table_lookup (cache, &wanted) : NULL;
  if (entry != NULL)
    {
      entry->used = ++cache_clock;
      found = TRUE;
      image = entry->image != NULL ? atlas_elf_image_ref (entry->image) : NULL;
    }
  G_UNLOCK (cache);
  if (found)
    {
      if (image == NULL)
        g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT, _ ("not an ELF program or library"));
      return image;
    }

  image = atlas_elf_image_new (fd, with_symbols, error);
  G_LOCK (cache);
  if (cache == NULL)
    cache = g_hash_table_new_full (entry_hash, entry_equal, entry_free, NULL);
  if (g_hash_table_size (cache) >= CACHE_SIZE)
    g_hash_table_foreach_remove (cache, is_old, NULL);
  entry = g_memdup2 (&wanted, sizeof wanted);
  entry->used = ++cache_clock;
  entry->image = image != NULL ? atlas_elf_image_ref (image) : NULL;
  g_hash_table_replace (cache, entry, entry);
  G_UNLOCK (cache);
  return image;
}

const AtlasElfSegment *
atlas_elf_image_get_segments (const AtlasElfImage *image, guint *out_n)
{
  *out_n = image->segments->len;
  return (const AtlasElfSegment *)(gpointer)image->segments->data;
}

void
atlas_elf_image_get_relro (const AtlasElfImage *image, guint64 *out_start, guint64 *out_end)
{
  *out_start = image->relro_start;
  *out_end = image->relro_end;
}

void
atlas_elf_image_get_span (const AtlasElfImage *image, guint64 *out_start, guint64 *out_end)
{
  guint64 start = G_MAXUINT64;
  guint64 end = 0;

  for (guint i = 0; i < image->segments->len; i++)
    {
      const AtlasElfSegment *segment = &g_array_index (image->segments, AtlasElfSegment, i);
      start = MIN (start, segment->address);
      end = MAX (end, segment->address + segment->size);
    }
  *out_start = start;
  *out_end = end;
}

gboolean
atlas_elf_image_has_section (const AtlasElfImage *image, const char *name)
{
  return g_hash_table_contains (image->section_names, name);
}

static guint64
overlap (guint64 start, guint64 end, guint64 from, guint64 size)
{
  guint64 low = MAX (start, from);
  guint64 high = MIN (end, from + size);

  return low < high ? high - low : 0;
}

char *
atlas_elf_image_dup_sections (const AtlasElfImage *image, guint64 start, guint64 end)
{
  /* The three largest, kept in order of address. */
  const AtlasElfSection *chosen[3] = { NULL };
  guint64 sizes[3] = { 0 };
  guint n_chosen = 0;
  guint64 covered = 0;

  for (guint i = 0; i < image->sections->len; i++)
    {
      const AtlasElfSection *section = &g_array_index (image->sections, AtlasElfSection, i);
      guint64 size = overlap (start, end, section->address, section->size);
      if (size == 0)
        continue;
      covered += size;
      if (n_chosen == G_N_ELEMENTS (chosen))
        {
          guint smallest = 0;
          for (guint k = 1; k < n_chosen; k++)
            if (sizes[k] < sizes[smallest])
              smallest = k;
          if (sizes[smallest] >= size)
            continue;
          for (guint k = smallest; k + 1 < n_chosen; k++)
            {
              chosen[k] = chosen[k + 1];
              sizes[k] = sizes[k + 1];
            }
          n_chosen--;
        }
      chosen[n_chosen] = section;
      sizes[n_chosen++] = size;
    }

  /* What is small against the rest is left out, but for the largest with contents: ".data, .bss"
     says more than ".bss". */
  guint64 largest = 0;
  guint64 largest_contents = 0;
  for (guint i = 0; i < n_chosen; i++)
    {
      largest = MAX (largest, sizes[i]);
      if (!chosen[i]->no_bits)
        largest_contents = MAX (largest_contents, sizes[i]);
    }

  g_autoptr (GString) text = g_string_new (NULL);
  const AtlasElfSegment *first = &g_array_index (image->segments, AtlasElfSegment, 0);
  if (first->offset == 0 && start <= first->address && covered < (end - start) / 2)
    g_string_append (text, "headers");
  for (guint i = 0; i < n_chosen; i++)
    if (sizes[i] >= largest / 10 || (!chosen[i]->no_bits && sizes[i] == largest_contents))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", chosen[i]->name);
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

gboolean
atlas_elf_image_find_symbol (const AtlasElfImage *image, const char *name, guint64 *out_value)
{
  guint index;

  if (!is_known_symbol (name, strlen (name) + 1, &index) || !image->has_symbol[index])
    return FALSE;
  *out_value = image->symbols[index];
  return TRUE;
}

gboolean
atlas_elf_image_to_offset (const AtlasElfImage *image, guint64 address, guint64 *out_offset)
{
  for (guint i = 0; i < image->segments->len; i++)
    {
      const AtlasElfSegment *segment = &g_array_index (image->segments, AtlasElfSegment, i);
      if (address >= segment->address && address - segment->address < segment->file_size)
        {
          *out_offset = segment->offset + (address - segment->address);
          return TRUE;
        }
    }
  return FALSE;
}
