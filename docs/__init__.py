"""The documentation: pages in Markdown, the site's settings, and what writes the reference pages."""
