"""The boundary to untrusted code; imports nothing of ours, standard library only."""
