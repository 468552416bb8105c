"""Verbs over the stored nouns. Each function is one transaction, or says otherwise."""
