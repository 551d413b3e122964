"""What we ask: the typed form model, its answers and conditions, and the published catalog."""
