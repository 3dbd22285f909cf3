/** The one module that fetches. Addresses are relative, so that the page works below any path. */

import { faultIn } from "../wire/refusal.js";

/** @import { Catalog, Fault } from "../document/types.js" */
/** @import { Stop } from "../model/tour.js" */

const ROOT = new URL("api/v1/", document.baseURI);
/** The service answers whether it lives in milliseconds, whatever it computes. */
const REACH_MS = 3000;

/** All of the catalogue but what the page shows later, or never. @returns {Promise<Catalog>} */
export async function getCatalog() {
  return getJson("catalog?part=opening");
}

/** @returns {Promise<Record<string, any>>} What the catalogue says of every term, which the first picture does without. */
export async function getGlossary() {
  return (await getJson("catalog?part=glossary")).glossary;
}

/** @returns {Promise<Stop[]>} The tour's stops with all that is said at them. */
export async function getTour() {
  return (await getJson("catalog?part=tour")).tour;
}

/**
 * What the service says of a table that an experiment learns from.
 * @param {Record<string, any>} dataset
 * @returns {Promise<any>}
 * @throws {Fault} where it has the table no more.
 */
export function tableOf({ name, sha256, columns }) {
  if (!columns) return getJson(`tables/${sha256}?name=${encodeURIComponent(name)}`);
  return upload("tables", JSON.stringify({ name, columns }), "application/json");
}

/** @param {string} address */
async function getJson(address) {
  const response = await fetch(new URL(address, ROOT));
  if (!response.ok) throw await faultOf(response);
  return response.json();
}

/** One of the page’s own files. @param {string} address @returns {Promise<string>} */
export async function getText(address) {
  const response = await fetch(new URL(address, document.baseURI));
  if (!response.ok) throw await faultOf(response);
  return response.text();
}

/**
 * Asks the service for a file made from an experiment.
 * @param {string} route
 * @param {unknown} body
 * @param {string} accept
 * @returns {Promise<Blob>}
 */
export async function postForBlob(route, body, accept) {
  const response = await fetch(new URL(route, ROOT), {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: accept },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await faultOf(response);
  return response.blob();
}

/**
 * Hands the service what the learner has brought.
 * @param {string} address   Below the service's root.
 * @param {BodyInit} body
 * @param {string} type   Its media type.
 * @returns {Promise<any>}   What the service says of it.
 * @throws {Fault} where it refuses it.
 */
export async function upload(address, body, type) {
  const response = await fetch(new URL(address, ROOT), {
    method: "POST",
    headers: { "Content-Type": type },
    body,
  });
  if (!response.ok) throw await faultOf(response);
  return response.json();
}

/** @param {Response} response @returns {Promise<Fault>} */
async function faultOf(response) {
  const problem = await response.json().catch(() => ({}));
  return faultIn({ detail: `It answered ${response.status}.`, ...problem });
}

/** The content security policy that this page is served with, by whoever stands in front of the service. */
export async function getPolicy() {
  const response = await fetch(document.baseURI, { method: "HEAD", cache: "no-store" });
  return response.headers.get("content-security-policy") ?? "";
}

/** Whether the service answers at all; a path that swallows everything counts as no. */
export async function isReachable() {
  try {
    await fetch(new URL("healthz", document.baseURI), {
      cache: "no-store",
      signal: AbortSignal.timeout(REACH_MS),
    });
    return true;
  } catch {
    return false;
  }
}
