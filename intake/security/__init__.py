"""Who may: pure policy, plus the primitives that need care."""
