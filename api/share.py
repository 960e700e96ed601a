"""/api/share: percentages for the holder of a link; the owner lists, makes and withdraws links."""

from lib.usecases import share
from lib.web import bodies, params
from lib.web.endpoint import ANYONE, OWNER, endpoint, writing
from lib.web.sharing import opening

post = writing(bodies.share, lambda wired, account: share.make(wired.links, wired.clock, account), 201)
delete = writing(params.share, lambda wired, link: share.revoke(wired.links, link))
app = endpoint(get=opening(share.read, share.listing), post=post, delete=delete, access=ANYONE, write=OWNER)
