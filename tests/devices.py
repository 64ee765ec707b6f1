"""The devices of this machine: the processor, and an accelerator if there is one."""

import torch

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
