"""Imports of what ships."""
