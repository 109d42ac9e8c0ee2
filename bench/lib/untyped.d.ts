// Peers that come without types.
declare module 'js-csp'
declare module 'medium'
