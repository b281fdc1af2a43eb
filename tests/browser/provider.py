"""An OpenID Connect provider on loopback: it asks nothing and lets the visitor be whom the test says."""

import secrets
import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from serving import free_port
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT = "neuromer"


@contextmanager
def provider():
    """Run it; yields its ``metadata`` address, and ``subject`` and ``name``, to be set, of who logs in next."""
    port, key = free_port(), RSAKey.generate_key(2048, auto_kid=True)
    issuer = f"http://127.0.0.1:{port}"
    state = SimpleNamespace(metadata=f"{issuer}/.well-known/openid-configuration", subject="a", name="A")
    given = {}

    def metadata(_):
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    def authorize(request):
        asked, code = request.query_params, secrets.token_urlsafe()
        given[code] = {"nonce": asked.get("nonce"), "sub": state.subject, "name": state.name}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    async def token(request):
        claims, now = given.pop((await request.form())["code"]), int(time.time())
        claims |= {"iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 600}
        signed = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": signed})

    def keys(_):
        return JSONResponse({"keys": [key.as_dict(private=False)]})

    routes = [
        Route("/.well-known/openid-configuration", metadata),
        Route("/authorize", authorize),
        Route("/token", token, methods=["POST"]),
        Route("/keys", keys),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield state
    finally:
        server.should_exit = True
        thread.join(10)
