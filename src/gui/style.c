/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Colours of the types as CSS, made from the table of types for a light or a dark theme, and the
 * font of the lists. Owns its CSS providers for the life of the program. Main thread.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/style.h"

#include <math.h>
#include <string.h>

#define RESOURCE_CSS "/io/github/mematlas/MemoryAtlas/style.css"

static GtkCssProvider *color_provider;
static GtkCssProvider *font_provider;

static double
linear (double channel)
{
  return channel <= 0.03928 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
luminance (const GdkRGBA *color)
{
  return 0.2126 * linear (color->red) + 0.7152 * linear (color->green) +
         0.0722 * linear (color->blue);
}

double
atlas_style_get_contrast (const GdkRGBA *a, const GdkRGBA *b)
{
  double la = luminance (a), lb = luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}

gboolean
atlas_style_is_high_contrast (void)
{
  g_autofree char *theme = NULL;
  const char *forced = g_getenv ("GTK_THEME");

  g_object_get (gtk_settings_get_default (), "gtk-theme-name", &theme, NULL);
  if (forced != NULL && *forced != '\0')
    {
      g_free (theme);
      theme = g_strdup (forced);
    }
  return theme != NULL && (strstr (theme, "HighContrast") != NULL || strstr (theme, "hc") == theme);
}

/* A tone of the same hue that stands out from the row: more saturated, and darker on a light theme,
 * lighter on a dark one. */
static void
strengthen (const GdkRGBA *color, gboolean dark, GdkRGBA *out_swatch)
{
  double h, s, v;

  gtk_rgb_to_hsv (color->red, color->green, color->blue, &h, &s, &v);
  s = s < 0.04 ? s : MIN (1.0, s * (dark ? 0.95 : 2.2));
  v = dark ? MIN (1.0, v * 1.9) : v * 0.82;
  gtk_hsv_to_rgb (h, s, v, &out_swatch->red, &out_swatch->green, &out_swatch->blue);
  out_swatch->alpha = 1.0;
}

/* The type colours as named CSS colours for a light or dark theme. */
static char *
make_css (gboolean dark)
{
  GString *css = g_string_new (NULL);

  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    {
      const AtlasTypeInfo *info = atlas_type_get_info (type);
      const char *value = dark ? info->dark : info->light;
      g_autofree char *name = g_strdelimit (g_strdup (info->key), "-", '_');
      g_autofree char *swatch_text = NULL;
      GdkRGBA color, swatch, black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };
      gboolean use_white;

      if (!gdk_rgba_parse (&color, value))
        continue;
      use_white =
        atlas_style_get_contrast (&color, &white) > atlas_style_get_contrast (&color, &black);
      strengthen (&color, dark, &swatch);
      swatch_text = gdk_rgba_to_string (&swatch);
      g_string_append_printf (css, "@define-color atlas_%s %s;\n", name, value);
      g_string_append_printf (css, "@define-color atlas_%s_text %s;\n", name,
                              use_white ? "#ffffff" : "#000000");
      g_string_append_printf (css, "@define-color atlas_%s_swatch %s;\n", name, swatch_text);
    }
  /* Rows of a dark theme are as dark as its selection: that has to be light to be seen. */
  if (dark && !atlas_style_is_high_contrast ())
    g_string_append (css, ".atlas-list:selected, .atlas-list:selected:focus {"
                          " background-color: mix(@theme_selected_bg_color, #ffffff, 0.65);"
                          " color: #000000; }\n");
  return g_string_free (css, FALSE);
}

static void
reload_colors (void)
{
  g_autoptr (GtkWidgetPath) path = gtk_widget_path_new ();
  g_autoptr (GtkStyleContext) context = gtk_style_context_new ();
  g_autofree char *css = NULL;
  GdkRGBA text;

  /* The theme's own view, before any window is there. */
  gtk_widget_path_append_type (path, GTK_TYPE_WINDOW);
  gtk_widget_path_append_type (path, GTK_TYPE_TREE_VIEW);
  gtk_widget_path_iter_set_object_name (path, 0, "window");
  gtk_widget_path_iter_set_object_name (path, 1, "treeview");
  gtk_widget_path_iter_add_class (path, 1, GTK_STYLE_CLASS_VIEW);
  gtk_style_context_set_path (context, path);
  gtk_style_context_get_color (context, GTK_STATE_FLAG_NORMAL, &text);
  css = make_css (luminance (&text) > 0.18);
  gtk_css_provider_load_from_data (color_provider, css, -1, NULL);
}

void
atlas_style_init (void)
{
  static gboolean done;
  g_autoptr (GtkCssProvider) style = NULL;
  GdkScreen *screen = gdk_screen_get_default ();
  GtkSettings *settings;

  if (done || screen == NULL)
    return;
  done = TRUE;
  settings = gtk_settings_get_default ();
  color_provider = gtk_css_provider_new ();
  font_provider = gtk_css_provider_new ();
  style = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (style, RESOURCE_CSS);
  gtk_style_context_add_provider_for_screen (screen, GTK_STYLE_PROVIDER (color_provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider_for_screen (screen, GTK_STYLE_PROVIDER (style),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider_for_screen (screen, GTK_STYLE_PROVIDER (font_provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
  reload_colors ();
  g_signal_connect (settings, "notify::gtk-theme-name", G_CALLBACK (reload_colors), NULL);
  g_signal_connect (settings, "notify::gtk-application-prefer-dark-theme",
                    G_CALLBACK (reload_colors), NULL);
}

static void
look_up (GtkStyleContext *context, const char *name, const char *suffix, GdkRGBA *color)
{
  g_autofree char *full = g_strconcat ("atlas_", name, suffix, NULL);

  gtk_style_context_lookup_color (context, g_strdelimit (full, "-", '_'), color);
}

void
atlas_style_get_looks (GtkWidget *widget, AtlasTypeLook out_looks[ATLAS_N_TYPES])
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  gboolean plain = atlas_style_is_high_contrast ();
  GdkRGBA text, base = { 1, 1, 1, 1 };

  gtk_style_context_get_color (context, GTK_STATE_FLAG_NORMAL, &text);
  gtk_style_context_lookup_color (context, "theme_base_color", &base);
  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    {
      const char *key = atlas_type_get_info (type)->key;

      out_looks[type] = (AtlasTypeLook){ base, text, text };
      look_up (context, key, "_swatch", &out_looks[type].swatch);
      if (plain)
        continue;
      look_up (context, key, "", &out_looks[type].background);
      look_up (context, key, "_text", &out_looks[type].text);
    }
}

static const char *
css_style (PangoStyle style)
{
  switch (style)
    {
    case PANGO_STYLE_ITALIC:
      return "italic";
    case PANGO_STYLE_OBLIQUE:
      return "oblique";
    default:
      return "normal";
    }
}

void
atlas_style_set_font (const char *description)
{
  PangoFontDescription *font = NULL;
  g_autoptr (GString) css = g_string_new (".atlas-list {\n");
  PangoFontMask mask;

  if (font_provider == NULL)
    return;
  if (description == NULL || *description == '\0')
    {
      gtk_css_provider_load_from_data (font_provider, "", -1, NULL);
      return;
    }
  font = pango_font_description_from_string (description);
  mask = pango_font_description_get_set_fields (font);
  if (mask & PANGO_FONT_MASK_FAMILY)
    {
      g_autofree char *family = g_strescape (pango_font_description_get_family (font), "\200\377");
      g_string_append_printf (css, "  font-family: \"%s\";\n", family);
    }
  if (mask & PANGO_FONT_MASK_SIZE)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      double size = pango_font_description_get_size (font) / (double)PANGO_SCALE;

      g_string_append_printf (css, "  font-size: %s%s;\n",
                              g_ascii_formatd (number, sizeof number, "%.2f", size),
                              pango_font_description_get_size_is_absolute (font) ? "px" : "pt");
    }
  if (mask & PANGO_FONT_MASK_WEIGHT)
    g_string_append_printf (css, "  font-weight: %d;\n",
                            CLAMP (pango_font_description_get_weight (font), 100, 900));
  if (mask & PANGO_FONT_MASK_STYLE)
    g_string_append_printf (css, "  font-style: %s;\n",
                            css_style (pango_font_description_get_style (font)));
  g_string_append (css, "}\n");
  gtk_css_provider_load_from_data (font_provider, css->str, -1, NULL);
  pango_font_description_free (font);
}
