"""Applies migrations and re-runnable files, plans that, takes it back, and compares files with the database."""
