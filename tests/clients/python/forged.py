"""Is a forged token good for anything? Attacks on JWTs, made by `PyJWT` from a token that is right."""

import json
import sys
import time

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import access
import story
from styles import STYLES

OWN_KEY = Ed25519PrivateKey.generate()
OWN_JWK = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(OWN_KEY.public_key()))
ATTACKER = "https://attacker.example/key"


def attacks(token, elsewhere):
    """Each attack by its name; `elsewhere` is a right token of another sandbox."""
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(token, options={"verify_signature": False})
    head, body, signature = token.split(".")
    kid, now = {"kid": header["kid"]}, int(time.time())
    own = lambda claims, **more: jwt.encode(claims, OWN_KEY, "EdDSA", headers=kid | more)
    mac = lambda key: jwt.encode(claims, key, "HS256", headers=kid)
    yield "none", jwt.encode(claims, None, "none", headers=kid)
    yield "none with the signature left", jwt.encode(claims, None, "none", headers=kid) + signature
    yield "no signature", f"{head}.{body}."
    yield "HS256 with the key's name", mac(header["kid"])
    yield "HS256 with no key", mac(b"\0" * 32)
    yield "HS256 with a public key", mac(OWN_KEY.public_key().public_bytes_raw())
    yield "truncated", token[:-4]
    yield "without its last part", f"{head}.{body}"
    yield "another key by the same name", own(claims)
    yield "another user", f"{head}.{jwt.encode(claims | {'sub': '3'}, OWN_KEY, 'EdDSA').split('.')[1]}.{signature}"
    yield "a key of another name", own(claims, kid="mine")
    yield "a path for a name", own(claims, kid="../../dev/null")
    yield "expired", own(claims | {"exp": now - 3600})
    yield "not yet good", own(claims | {"nbf": now + 3600})
    yield "for another audience", own(claims | {"aud": "urn:other"})
    yield "for another sandbox", elsewhere
    yield "its key within", own(claims, jwk=OWN_JWK)
    yield "its key at jku", own(claims, jku=ATTACKER)
    yield "its key at x5u", own(claims, x5u=ATTACKER)
    yield "something critical", own(claims, crit=["exp"])


def is_refused(shop, address, forged):
    story.refused(lambda: shop(address, access.Credentials(token=forged)).who(), "unauthenticated", "credentials_wrong")


if __name__ == "__main__":
    address, checks = sys.argv[1], story.Checks("python/forged")
    token, elsewhere = (STYLES["rest"](at).log_in(access.EMAIL, access.PASSWORD) for at in (address, f"{address}-other"))
    for name, forged in attacks(token, elsewhere):
        everywhere = lambda: [is_refused(shop, address, forged) for shop in STYLES.values()]
        checks.check(f"{name}: refused over every style", everywhere)
    # Else they might be refused for what they have in common.
    is_ada = lambda shop: story.equal(shop(address, access.Credentials(token=token)).who(), (1, "customer", "token"))
    checks.check("the right one is good over every style", lambda: [is_ada(shop) for shop in STYLES.values()])
    checks.end()
