"""Questions to answers with proof.  Imports index and timeline."""
