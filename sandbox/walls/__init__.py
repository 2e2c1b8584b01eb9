"""What the Linux kernel can put around a process, one mechanism a module, through `ctypes` alone; runs in the guest and its children."""
