"""Archives: everything that is stored, or one workspace, in one file that ordinary tools can read."""
