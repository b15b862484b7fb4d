"""The pixels of golden/images/files as Pillow reads them: `python3 golden/images/reference.py` writes reference.npz.

Turned as Exif says, profiles brought to sRGB by LittleCMS, all else `convert("RGB")`; then each way of fitting, to 12 x 16.
BMP files of every depth, which sharp does not write, are made here, and so are PNG and WebP with orientations and profiles and a large
photograph: all smooth, so that they stay small.
"""

import io
import pathlib
import struct

import numpy as np
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

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


def slopes(width, height):
    y, x = np.mgrid[0:height, 0:width] / [[[height]], [[width]]]
    colour = np.stack([230 * x, 40 + 190 * y, 220 - 110 * x - 90 * y], -1)
    colour[(x - 0.3) ** 2 + (y - 0.4) ** 2 < 0.04] += 20
    return Image.fromarray(colour.astype(np.uint8))


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def orientations_and_profiles():
    p3 = Image.open(files / "12-profile.jpg").info["icc_profile"]
    slopes(31, 22).save(files / "25-turned.png", exif=turned(6))
    slopes(26, 33).save(files / "26-profile.png", icc_profile=p3)
    slopes(40, 25).save(files / "27-turned-profile.png", exif=turned(7), icc_profile=p3)
    slopes(28, 28).quantize(64).save(files / "28-palette-profile.png", icc_profile=p3)
    slopes(35, 21).convert("L").save(files / "29-grey-turned.png", exif=turned(3))
    slopes(23, 37).save(files / "30-turned.webp", exif=turned(8), lossless=True)
    slopes(36, 27).save(files / "31-profile.webp", icc_profile=p3, lossless=True)
    info = PngImagePlugin.PngInfo()
    info.add(b"gAMA", struct.pack(">I", 100000))
    slopes(30, 20).save(files / "32-gamma.png", pnginfo=info)
    slopes(640, 480).save(files / "33-large-turned.jpg", exif=turned(5), quality=85)
    slopes(400, 520).convert("L").save(files / "34-large-grey.jpg", exif=turned(2), quality=85)


def plain(path):
    image = Image.open(path)
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if profile and image.mode == "P":
        image = image.convert("RGB")
    if profile and image.mode in ("RGB", "CMYK"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" not in ImageCms.getProfileDescription(source):
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return image.convert("RGB")


bmp_files()
orientations_and_profiles()
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
