"""A small FastAPI server."""
