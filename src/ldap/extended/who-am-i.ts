/** RFC 4532: the authorization identity, such as `dn:uid=alice,ou=people`, as the response value; empty for anonymous. */
export const WHO_AM_I = '1.3.6.1.4.1.4203.1.11.3'
