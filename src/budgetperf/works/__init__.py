"""Work done in processes of their own, within bounds of time and memory. Knows nothing of documents."""
