"""Files that become messages: what is in them (`extract`), and in what pieces it is kept (`chunks`)."""
