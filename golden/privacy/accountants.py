"""Privacy spent, by three libraries and by mpmath: writes accountants.json beside this file.

pip install opacus==1.6.0 dp-accounting==0.6.0 prv-accountant==0.2.0 mpmath
"""

import json
import pathlib

import mpmath as mp
from dp_accounting import dp_event, privacy_accountant
from dp_accounting.pld import pld_privacy_accountant
from dp_accounting.rdp import rdp_privacy_accountant
from opacus.accountants import RDPAccountant
from opacus.accountants.analysis import rdp as opacus_rdp
from prv_accountant import PoissonSubsampledGaussianMechanism, PRVAccountant

relations = privacy_accountant.NeighboringRelation

# sigma, rate, steps, delta
rows = [
    (1.1, 256 / 60000, 14063, 1e-5),
    (1.5, 0.04, 2250, 1e-5),
    (1, 0.01, 1000, 1e-5),
    (0.62, 256 / 60000, 10000, 1e-5),
    (1.01, 256 / 60000, 100000, 1e-5),
    (6.66, 256 / 60000, 100000, 1e-5),
    (0.45, 64 / 60000, 2000, 1e-5),
    (1, 64 / 60000, 2000, 1e-5),
    (2, 0.01, 1000, 1e-5),
    (1, 50 / 1500, 300, 1e-3),
    (2, 0.5, 10, 1e-5),
    (0.8, 0.001, 1, 1e-6),
]


def event(sigma, rate, steps):
    gaussian = dp_event.GaussianDpEvent(sigma)
    return dp_event.SelfComposedDpEvent(
        gaussian if rate == 1 else dp_event.PoissonSampledDpEvent(rate, gaussian), steps
    )


def pld(events, delta, relation=relations.ADD_OR_REMOVE_ONE, interval=1e-4):
    accountant = pld_privacy_accountant.PLDAccountant(relation, value_discretization_interval=interval)
    for one in events:
        accountant.compose(event(*one))
    return accountant.get_epsilon(delta)


def row(sigma, rate, steps, delta):
    opacus = RDPAccountant()
    opacus.history = [(sigma, rate, steps)]
    google = rdp_privacy_accountant.RdpAccountant()
    google.compose(event(sigma, rate, steps))
    own = PRVAccountant(
        PoissonSubsampledGaussianMechanism(sampling_probability=rate, noise_multiplier=sigma),
        eps_error=0.01, delta_error=delta / 1000, max_self_compositions=steps,
    )
    lower, estimate, upper = own.compute_epsilon(delta, [steps])
    return dict(
        sigma=sigma, rate=rate, steps=steps, delta=delta,
        opacus=opacus.get_epsilon(delta), google=float(google.get_epsilon(delta)),
        pld=float(pld([(sigma, rate, steps)], delta)),
        lower=float(lower), estimate=float(estimate), upper=float(upper),
    )


def exact(sigma, eps):
    cdf = lambda x: mp.ncdf(x)
    return cdf(1 / (2 * sigma) - eps * sigma) - mp.e**eps * cdf(-1 / (2 * sigma) - eps * sigma)


def exact_sigma(eps, delta=mp.mpf("1e-5")):
    return mp.findroot(lambda s: mp.log(exact(s, eps) / delta), (mp.mpf("0.3"), mp.mpf(40)), solver="anderson")


if __name__ == "__main__":
    mp.mp.dps = 40
    points = [-26, -20.5, -8, -3.3, -1, -0.46, -0.1, 0, 1e-9, 0.2, 0.47, 0.9, 2.7, 3.99, 4.01, 9, 20, 26]
    renyi = [(1, 0.01, 2), (1.5, 0.04, 3.9), (1.1, 256 / 60000, 8.1), (2, 0.5, 5.1), (1, 0.01, 16), (0.7, 0.02, 1.5)]
    mixed = [(1.1, 0.01, 200), (30, 1, 1)]
    three = PRVAccountant(
        [PoissonSubsampledGaussianMechanism(sampling_probability=q, noise_multiplier=s) for s, q, _ in mixed],
        eps_error=0.01, delta_error=1e-8, max_self_compositions=[k for *_, k in mixed],
    )
    out = dict(
        erfc=[dict(x=x, erfc=float(mp.erfc(x))) for x in points],
        logNormal=[dict(x=x, log=float(mp.log(mp.ncdf(x)))) for x in (-100, -38, -9, -1, 0, 1, 6)],
        renyi=[
            dict(sigma=s, rate=q, order=a, rho=float(opacus_rdp.compute_rdp(q=q, noise_multiplier=s, steps=1, orders=[a])[0]))
            for s, q, a in renyi
        ],
        gaussian=[dict(epsilon=e, sigma=float(exact_sigma(mp.mpf(str(e))))) for e in (0.1, 0.2, 0.5, 1, 2, 4, 8, 10, 30)],
        rows=[row(*one) for one in rows],
        mixed=dict(
            releases=[dict(sigma=s, rate=q, steps=k) for s, q, k in mixed],
            pld=float(pld(mixed, 1e-5)),
            estimate=float(three.compute_epsilon(1e-5, [k for *_, k in mixed])[1]),
        ),
        replaced=[
            dict(sigma=s, rate=q, steps=k, pld=float(pld([(s, q, k)], 1e-5, relations.REPLACE_ONE)))
            for s, q, k in [(1, 0.01, 1000), (2, 0.05, 100), (3, 0.2, 20)]
        ],
    )
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
