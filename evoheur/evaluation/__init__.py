"""What a candidate is worth: screening, the guest's job, pricing on the trusted side, executors."""
