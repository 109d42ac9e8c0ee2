// The links of a page: what stands in the `href` of an `<a>`. Regular expressions do not read HTML; they do find links.

const anchor = /<a\s[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gi

export function linksOf(html: string, base: string): string[] {
  const found = [...html.matchAll(anchor)].map(([, double, single, bare]) => double ?? single ?? bare ?? '')
  return absolute(
    found.map((address) => address.replaceAll('&amp;', '&')),
    base,
  )
}

/** Each once, as long as it is of the web. */
export function absolute(addresses: readonly string[], base: string): string[] {
  const urls = addresses
    .filter((address) => URL.canParse(address, base))
    .map((address) => new URL(address, base))
    .filter(({ protocol }) => protocol === 'http:' || protocol === 'https:')
  return [...new Set(urls.map(({ href }) => href))]
}
