"""Serves a Hugging Face model over an OpenAI-like API."""
