"""The plan check over a folder: parallel, resumable, the same result whatever happened between."""
