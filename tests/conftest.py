"""Shared by all tests: one torch thread, as the server has where cores are few, so that sums are added in one order."""

import torch

torch.set_num_threads(1)
