"""What crosses the wire: reading bodies and queries into Structs, and saying what is wrong with them."""
