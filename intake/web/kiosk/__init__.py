"""The pages a patient answers alone: on a device of the clinic that was handed to her, or at home."""
