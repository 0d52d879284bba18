"""Orders: what partners must do with what they hold, sent, answered and overdue; ``partner`` is for their side."""
