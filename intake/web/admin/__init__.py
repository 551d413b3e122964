"""Pages for whoever runs the clinic."""
