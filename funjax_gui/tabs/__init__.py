"""The tabs, one module or folder each. They know neither each other nor the window nor the worker."""
