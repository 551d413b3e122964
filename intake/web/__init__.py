"""Who is looking: the only room that knows Flask. Split by audience, so that no page borrows another's view."""
