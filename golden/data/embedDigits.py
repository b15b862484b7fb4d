"""Packs the UCI digits into src/data/digitsData.ts.

    python3 golden/data/embedDigits.py digits.csv.gz > src/data/digitsData.ts

Input: gzipped CSV without header, 64 pixels of 0 to 16 and the label a row (the layout of scikit-learn's digits.csv.gz).
Output: base64 of the raw-deflated bytes: 1797 x 64 pixels, then 1797 labels.
"""

import base64, gzip, sys, zlib

rows = [[int(float(v)) for v in line.split(",")] for line in gzip.open(sys.argv[1], "rt")]
assert len(rows) == 1797 and all(len(r) == 65 and max(r[:64]) <= 16 for r in rows)
raw = bytes(v for r in rows for v in r[:64]) + bytes(r[64] for r in rows)
packer = zlib.compressobj(9, zlib.DEFLATED, -15)
text = base64.b64encode(packer.compress(raw) + packer.flush()).decode()
print("/**")
print(" * E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits (1998), UCI Machine Learning Repository,")
print(" * https://doi.org/10.24432/C50P49, licensed CC BY 4.0. The test half of it, 1797 images of 8x8 pixels of 0 to 16; packed")
print(" * (changed in format only) by golden/data/embedDigits.py.")
print(" */")
print("export const digitsData =")
print('  "%s";' % text)
