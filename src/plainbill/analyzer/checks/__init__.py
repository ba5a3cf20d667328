"""Waste checks, one file each: the file's name is the check's id. Found by walking, so no list to extend."""
