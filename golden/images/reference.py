"""The pixels of golden/images/files as Pillow reads them: `python3 golden/images/reference.py` writes reference.npz.

Turned as Exif says, profiles brought to sRGB by LittleCMS, all else `convert("RGB")`; then each way of fitting, to 12 x 16.
BMP files of every depth, which sharp does not write, are made here.
"""

import io
import pathlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

here = pathlib.Path(__file__).parent
files = here / "files"
wide, high = 16, 12


def bmp_files():
    y, x = np.mgrid[0:21, 0:27]
    colour = np.stack([9 * x, 12 * y, 255 - 4 * x - 4 * y], -1).astype(np.uint8)
    image = Image.fromarray(colour)
    image.save(files / "20-colour.bmp")
    image.quantize(200).save(files / "21-palette.bmp")
    image.convert("L").save(files / "22-grey.bmp")
    image.convert("1").save(files / "23-bits.bmp")
    image.convert("RGBA").save(files / "24-alpha.bmp")


def plain(path):
    image = Image.open(path)
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if profile and image.mode in ("RGB", "CMYK"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" not in ImageCms.getProfileDescription(source):
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return image.convert("RGB")


bmp_files()
arrays = {}
for path in sorted(files.iterdir()):
    image = plain(path)
    size, name = (wide, high), path.name
    arrays[f"{name}/full"] = np.asarray(image)[::5, ::5]
    arrays[f"{name}/size"] = np.asarray([image.height, image.width], np.int32)
    arrays[f"{name}/cover"] = np.asarray(ImageOps.fit(image, size, Image.BILINEAR))
    arrays[f"{name}/contain"] = np.asarray(ImageOps.pad(image, size, Image.BILINEAR))
    arrays[f"{name}/stretch"] = np.asarray(image.resize(size, Image.BILINEAR))
    arrays[f"{name}/grey"] = np.asarray(ImageOps.fit(image.convert("L"), size, Image.BILINEAR))
np.savez_compressed(here / "reference.npz", **arrays)
