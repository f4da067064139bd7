/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which processes a search finds, and which of two comes first. No state; any thread.
 */

#include "config.h"

#include "gui/process-order.h"

#include "core/figures.h"
#include "gui/process-model.h"
#include "util/text.h"

#include <string.h>

static gboolean
holds (const char *text, const char *word)
{
  g_autofree char *valid = NULL, *folded = NULL;

  if (text == NULL)
    return FALSE;
  valid = g_utf8_make_valid (text, -1);
  folded = g_utf8_casefold (valid, -1);
  return strstr (folded, word) != NULL;
}

gboolean
atlas_process_has_words (const AtlasProcess *process, char **words)
{
  char pid[ATLAS_INTEGER_TEXT_SIZE];

  atlas_integer_to_text ((guint64)process->pid, pid);
  for (char **word = words; word != NULL && *word != NULL; word++)
    if (!holds (process->name, *word) && !holds (pid, *word) && !holds (process->user, *word) &&
        !holds (process->command_line, *word))
      return FALSE;
  return TRUE;
}

/* Unknown comes after everything that is known, whichever the order. */
static int
compare_amounts (guint64 a, guint64 b, int direction)
{
  if (a == b)
    return 0;
  if (a == ATLAS_UNKNOWN || b == ATLAS_UNKNOWN)
    return a == ATLAS_UNKNOWN ? 1 : -1;
  return (a < b ? -1 : 1) * direction;
}

static int
compare_texts (const char *a, const char *b, int direction)
{
  gboolean no_a = a == NULL || *a == '\0', no_b = b == NULL || *b == '\0';

  if (no_a || no_b)
    return no_a - no_b;
  return g_ascii_strcasecmp (a, b) * direction;
}

int
atlas_process_compare (const AtlasProcess *a, const AtlasProcess *b, int column, GtkSortType order)
{
  int direction = order == GTK_SORT_DESCENDING ? -1 : 1;
  int result = 0;

  switch (column)
    {
    case ATLAS_PROCESS_COLUMN_NAME:
      result = compare_texts (a->name, b->name, direction);
      break;
    case ATLAS_PROCESS_COLUMN_PID:
      result = (a->pid < b->pid ? -1 : a->pid > b->pid) * direction;
      break;
    case ATLAS_PROCESS_COLUMN_USER:
      result = compare_texts (a->user, b->user, direction);
      break;
    case ATLAS_PROCESS_COLUMN_PRIVATE:
      result = compare_amounts (a->private_bytes, b->private_bytes, direction);
      break;
    case ATLAS_PROCESS_COLUMN_WORKING_SET:
      result = compare_amounts (a->working_set, b->working_set, direction);
      break;
    case ATLAS_PROCESS_COLUMN_ARCHITECTURE:
      result = compare_texts (a->architecture, b->architecture, direction);
      break;
    case ATLAS_PROCESS_COLUMN_COMMAND_LINE:
      result = compare_texts (a->command_line, b->command_line, direction);
      break;
    default:
      break;
    }
  return result != 0 ? result : a->pid < b->pid ? -1 : a->pid > b->pid;
}
