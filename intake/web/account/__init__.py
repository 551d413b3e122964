"""Signing in and out, for people of the clinic."""
