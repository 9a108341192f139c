"""What a report says, section by section; each takes a Subject and gives blocks of the content model."""
