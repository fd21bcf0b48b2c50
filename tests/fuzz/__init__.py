"""Broken files: made of good ones, read, and taken through whatever takes a model."""
