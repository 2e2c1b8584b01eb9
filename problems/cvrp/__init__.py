"""What the capacitated vehicle routing problems share: instances, files, checking, pricing, kernels and textbook rules."""
