"""The pages on a device of the clinic that was handed to a patient."""
