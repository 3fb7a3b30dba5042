"""The sidecar of a director: runs the models that make a scene out of a prompt."""
