"""Discrete Gaussian numbers from given bits, in exact arithmetic: writes discreteGaussian.json beside this file.

Algorithms 2 and 3 of Canonne, Kamath and Steinke (2020), each coin of probability exp(-x) tossed by comparing 53 bits and,
where these do not decide, more, with exp(-x) to 60 digits. The bits are SHA-256 of 0, 1, 2, … as 8 bytes, little-endian.
"""

import hashlib
import json
import pathlib
from fractions import Fraction

from mpmath import mp

mp.dps = 60


class Bits:
    def __init__(self):
        self.block, self.rest = 0, b""

    def word(self):
        if not self.rest:
            self.rest = hashlib.sha256(self.block.to_bytes(8, "little")).digest()
            self.block += 1
        word, self.rest = int.from_bytes(self.rest[:4], "little"), self.rest[4:]
        return word

    def whole(self):
        low = self.word()
        return ((self.word() >> 11) << 32) + low


def happens(bits, x):
    wanted = mp.exp(-mp.mpf(x.numerator) / x.denominator)
    drawn, size = bits.whole(), 53
    while True:
        if drawn + 1 <= wanted * 2**size:
            return True
        if drawn >= wanted * 2**size:
            return False
        drawn, size = (drawn << 53) + bits.whole(), size + 53


def below(bits, bound):
    limit = 2**53 - 2**53 % bound
    while True:
        drawn = bits.whole()
        if drawn < limit:
            return drawn % bound


def geometric(bits, t):
    while True:
        u = below(bits, t)
        if not happens(bits, Fraction(u, t)):
            continue
        v = 0
        while happens(bits, Fraction(1)):
            v += 1
        size = u + t * v
        if not bits.word() >> 31:
            return size
        if size:
            return -size


def gaussian(bits, sigma):
    t, square = int(sigma) + 1, Fraction(sigma * sigma)
    while True:
        y = geometric(bits, t)
        if happens(bits, (abs(y) - square / t) ** 2 / (2 * square)):
            return y


if __name__ == "__main__":
    out = []
    for sigma in (0.4, 3.0, 1368400.7):
        bits = Bits()
        out.append(dict(sigma=sigma, values=[gaussian(bits, sigma) for _ in range(400)]))
    exps = [(1, 3), (1, 1), (7, 2), (123457, 1000), (1, 10**9)]
    exact = [dict(over=a, under=b, digits=str(mp.floor(mp.exp(-mp.mpf(a) / b) * mp.mpf(2) ** 160))[:-2]) for a, b in exps]
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(dict(draws=out, exponentials=exact)) + "\n")
