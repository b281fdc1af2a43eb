"""What several pages share: guard, state, figures, text.

Every page comes through here first, so it is here that Streamlit is told not to ask others who this machine is.
"""

from streamlit import net_util

# When a page of another site knocks at the server, Streamlit compares that site with the addresses by which this
# machine is known, and asks a server outside for them. The only ones that count are those in server.allowedHosts.
net_util.get_external_ip = net_util.get_internal_ip = lambda: None
