"""The rules of the site, as verbs over the tables. Knows no request, form, template or URL; never commits."""
