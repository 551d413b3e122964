"""The patient's own pages: coming in, answering, handing in."""
