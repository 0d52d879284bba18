"""What people write as YAML, read: text with its places (``yaml``), and from text to types (``typed``)."""
