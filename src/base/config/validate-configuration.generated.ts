// @ts-nocheck
// Written by npm run generate, by ajv, from config-schema.ts.
import { codePointLength } from '#base/code-point-length';

export const validate = validate52;
export default validate52;
const schema19 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://raw.githubusercontent.com/greffier/greffier/main/schemas/config.v1.schema.json","title":"Configuration d’un Greffier","description":"Le fichier que nomme GREFFIER_CONFIG. ${NOM} est lu dans l’environnement.","type":"object","additionalProperties":false,"properties":{"registry":{"type":"string","pattern":"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$","examples":["exemple/registre"],"description":"Le dépôt servi ; par défaut, le seul où l’App est installée."},"cells":{"type":"object","additionalProperties":false,"description":"Comment chaque cellule est provisionnée. Une cellule absente est relue, jamais provisionnée.","properties":{"internet/integration":{"$ref":"#/$defs/cell"},"internet/production":{"$ref":"#/$defs/cell"},"rie/integration":{"$ref":"#/$defs/cell"},"rie/production":{"$ref":"#/$defs/cell"}}},"sweep":{"type":"string","pattern":"^[1-9][0-9]{0,5}(s|m|h|d)$","examples":["30s","5m","12h","7d"],"description":"Tous les combien tout est vérifié.","default":"5m"},"removal_delay":{"type":"string","pattern":"^[1-9][0-9]{0,5}(s|m|h|d)$","examples":["30s","5m","12h","7d"],"description":"Combien de temps un client retiré reste désactivé avant d’être supprimé.","default":"7d"},"forget_after":{"type":"string","pattern":"^([7-9]|[1-9][0-9]{1,4})d$","examples":["90d"],"description":"Après combien de jours est oublié ce dont plus rien ne se sert : une demande close, une version d’un fichier.","default":"90d"},"front_desk":{"type":"object","additionalProperties":false,"description":"Le guichet : le formulaire de demande, en pages web. Sans cette section, il n'y en a pas.","properties":{"sign_in":{"type":"object","additionalProperties":false,"required":["issuer","client_id","client_secret"],"description":"Le fournisseur OpenID Connect par lequel on se connecte au guichet.","properties":{"issuer":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"L'émetteur (OpenID Connect)."},"client_id":{"type":"string","minLength":1,"description":"Le client_id du guichet."},"client_secret":{"type":"string","minLength":1,"description":"Le client_secret du guichet : ${NOM}."},"email_verified":{"const":"assumed","description":"À n'écrire que si le fournisseur s'engage sur les adresses e-mail qu'il donne sans dire `email_verified`. Sinon, une adresse sans `email_verified: true` est refusée."}}},"operators":{"type":"array","uniqueItems":true,"items":{"type":"string","pattern":"^[^\\s@]+@[^\\s@]+$","examples":["adele@example.gouv.fr"]},"description":"Les adresses de qui voit /suivi.","default":[]},"catalogue":{"const":"public","description":"Montrer à tous, sur /services, les services en production."}}}},"$defs":{"cell":{"type":"object","required":["provider"],"oneOf":[{"title":"API partenaires de ProConnect","additionalProperties":false,"required":["provider","url","secret","identity_domain","issuer"],"properties":{"provider":{"const":"proconnect"},"url":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"L’adresse de l’API partenaires."},"secret":{"type":"string","minLength":1,"description":"Le secret partagé avec l’API : ${NOM}."},"identity_domain":{"type":"string","pattern":"^[a-z0-9.-]+\\.[a-z]{2,}$","examples":["registre.example.gouv.fr"],"description":"Le domaine des adresses sous lesquelles Greffier range ses clients."},"repair":{"type":"boolean","description":"Remettre de soi-même comme le dit le registre un client qu’on a modifié chez le fournisseur d’identité.","default":false},"portal":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"Où les contacts techniques lisent leurs clés."},"issuer":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"L’émetteur de la cellule (OpenID Connect)."}}},{"title":"Enregistrement dynamique (RFC 7591 et RFC 7592)","additionalProperties":false,"required":["provider","issuer"],"properties":{"provider":{"const":"registration"},"issuer":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"L’émetteur ; sa découverte donne l’adresse d’enregistrement."},"repair":{"type":"boolean","description":"Remettre de soi-même comme le dit le registre un client qu’on a modifié chez le fournisseur d’identité.","default":false},"initial_access_token":{"type":"string","minLength":1,"description":"Le jeton d’accès initial, s’il en faut un : ${NOM}."}}},{"title":"À la main, par un ticket","additionalProperties":false,"required":["provider"],"properties":{"provider":{"const":"manual"},"issuer":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"L’émetteur de la cellule (OpenID Connect)."},"repository":{"type":"string","pattern":"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$","examples":["exemple/registre"],"description":"Où ouvrir les tickets ; le registre par défaut."}}}]}}};
const pattern3 = new RegExp("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", "u");
const pattern11 = new RegExp("^[1-9][0-9]{0,5}(s|m|h|d)$", "u");
const pattern13 = new RegExp("^([7-9]|[1-9][0-9]{1,4})d$", "u");
const pattern4 = new RegExp("^https?://[^\\s]+$", "u");
const pattern15 = new RegExp("^[^\\s@]+@[^\\s@]+$", "u");
const schema20 = {"type":"object","required":["provider"],"oneOf":[{"title":"API partenaires de ProConnect","additionalProperties":false,"required":["provider","url","secret","identity_domain","issuer"],"properties":{"provider":{"const":"proconnect"},"url":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"L’adresse de l’API partenaires."},"secret":{"type":"string","minLength":1,"description":"Le secret partagé avec l’API : ${NOM}."},"identity_domain":{"type":"string","pattern":"^[a-z0-9.-]+\\.[a-z]{2,}$","examples":["registre.example.gouv.fr"],"description":"Le domaine des adresses sous lesquelles Greffier range ses clients."},"repair":{"type":"boolean","description":"Remettre de soi-même comme le dit le registre un client qu’on a modifié chez le fournisseur d’identité.","default":false},"portal":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"Où les contacts techniques lisent leurs clés."},"issuer":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"L’émetteur de la cellule (OpenID Connect)."}}},{"title":"Enregistrement dynamique (RFC 7591 et RFC 7592)","additionalProperties":false,"required":["provider","issuer"],"properties":{"provider":{"const":"registration"},"issuer":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"L’émetteur ; sa découverte donne l’adresse d’enregistrement."},"repair":{"type":"boolean","description":"Remettre de soi-même comme le dit le registre un client qu’on a modifié chez le fournisseur d’identité.","default":false},"initial_access_token":{"type":"string","minLength":1,"description":"Le jeton d’accès initial, s’il en faut un : ${NOM}."}}},{"title":"À la main, par un ticket","additionalProperties":false,"required":["provider"],"properties":{"provider":{"const":"manual"},"issuer":{"type":"string","pattern":"^https?://[^\\s]+$","examples":["https://idp.example.gouv.fr"],"description":"L’émetteur de la cellule (OpenID Connect)."},"repository":{"type":"string","pattern":"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$","examples":["exemple/registre"],"description":"Où ouvrir les tickets ; le registre par défaut."}}}]};
const pattern5 = new RegExp("^[a-z0-9.-]+\\.[a-z]{2,}$", "u");
const func1 = codePointLength;

function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate53.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.provider === undefined){
const err0 = {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "provider"},message:"must have required property '"+"provider"+"'",schema:schema20.oneOf[0].required,parentSchema:schema20.oneOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.url === undefined){
const err1 = {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "url"},message:"must have required property '"+"url"+"'",schema:schema20.oneOf[0].required,parentSchema:schema20.oneOf[0],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.secret === undefined){
const err2 = {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "secret"},message:"must have required property '"+"secret"+"'",schema:schema20.oneOf[0].required,parentSchema:schema20.oneOf[0],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.identity_domain === undefined){
const err3 = {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "identity_domain"},message:"must have required property '"+"identity_domain"+"'",schema:schema20.oneOf[0].required,parentSchema:schema20.oneOf[0],data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.issuer === undefined){
const err4 = {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "issuer"},message:"must have required property '"+"issuer"+"'",schema:schema20.oneOf[0].required,parentSchema:schema20.oneOf[0],data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data){
if(!(((((((key0 === "provider") || (key0 === "url")) || (key0 === "secret")) || (key0 === "identity_domain")) || (key0 === "repair")) || (key0 === "portal")) || (key0 === "issuer"))){
const err5 = {instancePath,schemaPath:"#/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema20.oneOf[0],data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.provider !== undefined){
let data0 = data.provider;
if("proconnect" !== data0){
const err6 = {instancePath:instancePath+"/provider",schemaPath:"#/oneOf/0/properties/provider/const",keyword:"const",params:{allowedValue: "proconnect"},message:"must be equal to constant",schema:"proconnect",parentSchema:schema20.oneOf[0].properties.provider,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.url !== undefined){
let data1 = data.url;
if(typeof data1 === "string"){
if(!pattern4.test(data1)){
const err7 = {instancePath:instancePath+"/url",schemaPath:"#/oneOf/0/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s]+$"},message:"must match pattern \""+"^https?://[^\\s]+$"+"\"",schema:"^https?://[^\\s]+$",parentSchema:schema20.oneOf[0].properties.url,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/url",schemaPath:"#/oneOf/0/properties/url/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema20.oneOf[0].properties.url.type,parentSchema:schema20.oneOf[0].properties.url,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.secret !== undefined){
let data2 = data.secret;
if(typeof data2 === "string"){
if(func1(data2) < 1){
const err9 = {instancePath:instancePath+"/secret",schemaPath:"#/oneOf/0/properties/secret/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema20.oneOf[0].properties.secret,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/secret",schemaPath:"#/oneOf/0/properties/secret/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema20.oneOf[0].properties.secret.type,parentSchema:schema20.oneOf[0].properties.secret,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.identity_domain !== undefined){
let data3 = data.identity_domain;
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
const err11 = {instancePath:instancePath+"/identity_domain",schemaPath:"#/oneOf/0/properties/identity_domain/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9.-]+\\.[a-z]{2,}$"},message:"must match pattern \""+"^[a-z0-9.-]+\\.[a-z]{2,}$"+"\"",schema:"^[a-z0-9.-]+\\.[a-z]{2,}$",parentSchema:schema20.oneOf[0].properties.identity_domain,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/identity_domain",schemaPath:"#/oneOf/0/properties/identity_domain/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema20.oneOf[0].properties.identity_domain.type,parentSchema:schema20.oneOf[0].properties.identity_domain,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.repair !== undefined){
let data4 = data.repair;
if(typeof data4 !== "boolean"){
const err13 = {instancePath:instancePath+"/repair",schemaPath:"#/oneOf/0/properties/repair/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema20.oneOf[0].properties.repair.type,parentSchema:schema20.oneOf[0].properties.repair,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.portal !== undefined){
let data5 = data.portal;
if(typeof data5 === "string"){
if(!pattern4.test(data5)){
const err14 = {instancePath:instancePath+"/portal",schemaPath:"#/oneOf/0/properties/portal/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s]+$"},message:"must match pattern \""+"^https?://[^\\s]+$"+"\"",schema:"^https?://[^\\s]+$",parentSchema:schema20.oneOf[0].properties.portal,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/portal",schemaPath:"#/oneOf/0/properties/portal/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema20.oneOf[0].properties.portal.type,parentSchema:schema20.oneOf[0].properties.portal,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.issuer !== undefined){
let data6 = data.issuer;
if(typeof data6 === "string"){
if(!pattern4.test(data6)){
const err16 = {instancePath:instancePath+"/issuer",schemaPath:"#/oneOf/0/properties/issuer/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s]+$"},message:"must match pattern \""+"^https?://[^\\s]+$"+"\"",schema:"^https?://[^\\s]+$",parentSchema:schema20.oneOf[0].properties.issuer,data:data6};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/issuer",schemaPath:"#/oneOf/0/properties/issuer/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema20.oneOf[0].properties.issuer.type,parentSchema:schema20.oneOf[0].properties.issuer,data:data6};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
var props0 = true;
}
const _errs17 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.provider === undefined){
const err18 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "provider"},message:"must have required property '"+"provider"+"'",schema:schema20.oneOf[1].required,parentSchema:schema20.oneOf[1],data};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(data.issuer === undefined){
const err19 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "issuer"},message:"must have required property '"+"issuer"+"'",schema:schema20.oneOf[1].required,parentSchema:schema20.oneOf[1],data};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
for(const key1 in data){
if(!((((key1 === "provider") || (key1 === "issuer")) || (key1 === "repair")) || (key1 === "initial_access_token"))){
const err20 = {instancePath,schemaPath:"#/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema20.oneOf[1],data};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.provider !== undefined){
let data7 = data.provider;
if("registration" !== data7){
const err21 = {instancePath:instancePath+"/provider",schemaPath:"#/oneOf/1/properties/provider/const",keyword:"const",params:{allowedValue: "registration"},message:"must be equal to constant",schema:"registration",parentSchema:schema20.oneOf[1].properties.provider,data:data7};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.issuer !== undefined){
let data8 = data.issuer;
if(typeof data8 === "string"){
if(!pattern4.test(data8)){
const err22 = {instancePath:instancePath+"/issuer",schemaPath:"#/oneOf/1/properties/issuer/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s]+$"},message:"must match pattern \""+"^https?://[^\\s]+$"+"\"",schema:"^https?://[^\\s]+$",parentSchema:schema20.oneOf[1].properties.issuer,data:data8};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/issuer",schemaPath:"#/oneOf/1/properties/issuer/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema20.oneOf[1].properties.issuer.type,parentSchema:schema20.oneOf[1].properties.issuer,data:data8};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.repair !== undefined){
let data9 = data.repair;
if(typeof data9 !== "boolean"){
const err24 = {instancePath:instancePath+"/repair",schemaPath:"#/oneOf/1/properties/repair/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema20.oneOf[1].properties.repair.type,parentSchema:schema20.oneOf[1].properties.repair,data:data9};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.initial_access_token !== undefined){
let data10 = data.initial_access_token;
if(typeof data10 === "string"){
if(func1(data10) < 1){
const err25 = {instancePath:instancePath+"/initial_access_token",schemaPath:"#/oneOf/1/properties/initial_access_token/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema20.oneOf[1].properties.initial_access_token,data:data10};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/initial_access_token",schemaPath:"#/oneOf/1/properties/initial_access_token/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema20.oneOf[1].properties.initial_access_token.type,parentSchema:schema20.oneOf[1].properties.initial_access_token,data:data10};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
}
var _valid0 = _errs17 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
if(props0 !== true){
props0 = true;
}
}
const _errs26 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.provider === undefined){
const err27 = {instancePath,schemaPath:"#/oneOf/2/required",keyword:"required",params:{missingProperty: "provider"},message:"must have required property '"+"provider"+"'",schema:schema20.oneOf[2].required,parentSchema:schema20.oneOf[2],data};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
for(const key2 in data){
if(!(((key2 === "provider") || (key2 === "issuer")) || (key2 === "repository"))){
const err28 = {instancePath,schemaPath:"#/oneOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema20.oneOf[2],data};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data.provider !== undefined){
let data11 = data.provider;
if("manual" !== data11){
const err29 = {instancePath:instancePath+"/provider",schemaPath:"#/oneOf/2/properties/provider/const",keyword:"const",params:{allowedValue: "manual"},message:"must be equal to constant",schema:"manual",parentSchema:schema20.oneOf[2].properties.provider,data:data11};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data.issuer !== undefined){
let data12 = data.issuer;
if(typeof data12 === "string"){
if(!pattern4.test(data12)){
const err30 = {instancePath:instancePath+"/issuer",schemaPath:"#/oneOf/2/properties/issuer/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s]+$"},message:"must match pattern \""+"^https?://[^\\s]+$"+"\"",schema:"^https?://[^\\s]+$",parentSchema:schema20.oneOf[2].properties.issuer,data:data12};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
else {
const err31 = {instancePath:instancePath+"/issuer",schemaPath:"#/oneOf/2/properties/issuer/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema20.oneOf[2].properties.issuer.type,parentSchema:schema20.oneOf[2].properties.issuer,data:data12};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data.repository !== undefined){
let data13 = data.repository;
if(typeof data13 === "string"){
if(!pattern3.test(data13)){
const err32 = {instancePath:instancePath+"/repository",schemaPath:"#/oneOf/2/properties/repository/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$"},message:"must match pattern \""+"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$"+"\"",schema:"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$",parentSchema:schema20.oneOf[2].properties.repository,data:data13};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
else {
const err33 = {instancePath:instancePath+"/repository",schemaPath:"#/oneOf/2/properties/repository/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema20.oneOf[2].properties.repository.type,parentSchema:schema20.oneOf[2].properties.repository,data:data13};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
}
var _valid0 = _errs26 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid0 = true;
passing0 = 2;
if(props0 !== true){
props0 = true;
}
}
}
}
if(!valid0){
const err34 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema20.oneOf,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.provider === undefined){
const err35 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "provider"},message:"must have required property '"+"provider"+"'",schema:schema20.required,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema20.type,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
validate53.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate53.evaluated = {"dynamicProps":true,"dynamicItems":false};


function validate52(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="https://raw.githubusercontent.com/greffier/greffier/main/schemas/config.v1.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate52.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.sweep === undefined){
data.sweep = "5m";
}
if(data.removal_delay === undefined){
data.removal_delay = "7d";
}
if(data.forget_after === undefined){
data.forget_after = "90d";
}
for(const key0 in data){
if(!((((((key0 === "registry") || (key0 === "cells")) || (key0 === "sweep")) || (key0 === "removal_delay")) || (key0 === "forget_after")) || (key0 === "front_desk"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.registry !== undefined){
let data0 = data.registry;
if(typeof data0 === "string"){
if(!pattern3.test(data0)){
const err1 = {instancePath:instancePath+"/registry",schemaPath:"#/properties/registry/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$"},message:"must match pattern \""+"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$"+"\"",schema:"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$",parentSchema:schema19.properties.registry,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
else {
const err2 = {instancePath:instancePath+"/registry",schemaPath:"#/properties/registry/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema19.properties.registry.type,parentSchema:schema19.properties.registry,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.cells !== undefined){
let data1 = data.cells;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
if(!((((key1 === "internet/integration") || (key1 === "internet/production")) || (key1 === "rie/integration")) || (key1 === "rie/production"))){
const err3 = {instancePath:instancePath+"/cells",schemaPath:"#/properties/cells/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema19.properties.cells,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data1["internet/integration"] !== undefined){
if(!(validate53(data1["internet/integration"], {instancePath:instancePath+"/cells/internet~1integration",parentData:data1,parentDataProperty:"internet/integration",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
if(data1["internet/production"] !== undefined){
if(!(validate53(data1["internet/production"], {instancePath:instancePath+"/cells/internet~1production",parentData:data1,parentDataProperty:"internet/production",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
if(data1["rie/integration"] !== undefined){
if(!(validate53(data1["rie/integration"], {instancePath:instancePath+"/cells/rie~1integration",parentData:data1,parentDataProperty:"rie/integration",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
if(data1["rie/production"] !== undefined){
if(!(validate53(data1["rie/production"], {instancePath:instancePath+"/cells/rie~1production",parentData:data1,parentDataProperty:"rie/production",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
}
else {
const err4 = {instancePath:instancePath+"/cells",schemaPath:"#/properties/cells/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema19.properties.cells.type,parentSchema:schema19.properties.cells,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
let data6 = data.sweep;
if(typeof data6 === "string"){
if(!pattern11.test(data6)){
const err5 = {instancePath:instancePath+"/sweep",schemaPath:"#/properties/sweep/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,5}(s|m|h|d)$"},message:"must match pattern \""+"^[1-9][0-9]{0,5}(s|m|h|d)$"+"\"",schema:"^[1-9][0-9]{0,5}(s|m|h|d)$",parentSchema:schema19.properties.sweep,data:data6};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/sweep",schemaPath:"#/properties/sweep/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema19.properties.sweep.type,parentSchema:schema19.properties.sweep,data:data6};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
let data7 = data.removal_delay;
if(typeof data7 === "string"){
if(!pattern11.test(data7)){
const err7 = {instancePath:instancePath+"/removal_delay",schemaPath:"#/properties/removal_delay/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,5}(s|m|h|d)$"},message:"must match pattern \""+"^[1-9][0-9]{0,5}(s|m|h|d)$"+"\"",schema:"^[1-9][0-9]{0,5}(s|m|h|d)$",parentSchema:schema19.properties.removal_delay,data:data7};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/removal_delay",schemaPath:"#/properties/removal_delay/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema19.properties.removal_delay.type,parentSchema:schema19.properties.removal_delay,data:data7};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
let data8 = data.forget_after;
if(typeof data8 === "string"){
if(!pattern13.test(data8)){
const err9 = {instancePath:instancePath+"/forget_after",schemaPath:"#/properties/forget_after/pattern",keyword:"pattern",params:{pattern: "^([7-9]|[1-9][0-9]{1,4})d$"},message:"must match pattern \""+"^([7-9]|[1-9][0-9]{1,4})d$"+"\"",schema:"^([7-9]|[1-9][0-9]{1,4})d$",parentSchema:schema19.properties.forget_after,data:data8};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/forget_after",schemaPath:"#/properties/forget_after/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema19.properties.forget_after.type,parentSchema:schema19.properties.forget_after,data:data8};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data.front_desk !== undefined){
let data9 = data.front_desk;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(data9.operators === undefined){
data9.operators = [];
}
for(const key2 in data9){
if(!(((key2 === "sign_in") || (key2 === "operators")) || (key2 === "catalogue"))){
const err11 = {instancePath:instancePath+"/front_desk",schemaPath:"#/properties/front_desk/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema19.properties.front_desk,data:data9};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data9.sign_in !== undefined){
let data10 = data9.sign_in;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.issuer === undefined){
const err12 = {instancePath:instancePath+"/front_desk/sign_in",schemaPath:"#/properties/front_desk/properties/sign_in/required",keyword:"required",params:{missingProperty: "issuer"},message:"must have required property '"+"issuer"+"'",schema:schema19.properties.front_desk.properties.sign_in.required,parentSchema:schema19.properties.front_desk.properties.sign_in,data:data10};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data10.client_id === undefined){
const err13 = {instancePath:instancePath+"/front_desk/sign_in",schemaPath:"#/properties/front_desk/properties/sign_in/required",keyword:"required",params:{missingProperty: "client_id"},message:"must have required property '"+"client_id"+"'",schema:schema19.properties.front_desk.properties.sign_in.required,parentSchema:schema19.properties.front_desk.properties.sign_in,data:data10};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data10.client_secret === undefined){
const err14 = {instancePath:instancePath+"/front_desk/sign_in",schemaPath:"#/properties/front_desk/properties/sign_in/required",keyword:"required",params:{missingProperty: "client_secret"},message:"must have required property '"+"client_secret"+"'",schema:schema19.properties.front_desk.properties.sign_in.required,parentSchema:schema19.properties.front_desk.properties.sign_in,data:data10};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
for(const key3 in data10){
if(!((((key3 === "issuer") || (key3 === "client_id")) || (key3 === "client_secret")) || (key3 === "email_verified"))){
const err15 = {instancePath:instancePath+"/front_desk/sign_in",schemaPath:"#/properties/front_desk/properties/sign_in/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema19.properties.front_desk.properties.sign_in,data:data10};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data10.issuer !== undefined){
let data11 = data10.issuer;
if(typeof data11 === "string"){
if(!pattern4.test(data11)){
const err16 = {instancePath:instancePath+"/front_desk/sign_in/issuer",schemaPath:"#/properties/front_desk/properties/sign_in/properties/issuer/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s]+$"},message:"must match pattern \""+"^https?://[^\\s]+$"+"\"",schema:"^https?://[^\\s]+$",parentSchema:schema19.properties.front_desk.properties.sign_in.properties.issuer,data:data11};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/front_desk/sign_in/issuer",schemaPath:"#/properties/front_desk/properties/sign_in/properties/issuer/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema19.properties.front_desk.properties.sign_in.properties.issuer.type,parentSchema:schema19.properties.front_desk.properties.sign_in.properties.issuer,data:data11};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data10.client_id !== undefined){
let data12 = data10.client_id;
if(typeof data12 === "string"){
if(func1(data12) < 1){
const err18 = {instancePath:instancePath+"/front_desk/sign_in/client_id",schemaPath:"#/properties/front_desk/properties/sign_in/properties/client_id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema19.properties.front_desk.properties.sign_in.properties.client_id,data:data12};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/front_desk/sign_in/client_id",schemaPath:"#/properties/front_desk/properties/sign_in/properties/client_id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema19.properties.front_desk.properties.sign_in.properties.client_id.type,parentSchema:schema19.properties.front_desk.properties.sign_in.properties.client_id,data:data12};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data10.client_secret !== undefined){
let data13 = data10.client_secret;
if(typeof data13 === "string"){
if(func1(data13) < 1){
const err20 = {instancePath:instancePath+"/front_desk/sign_in/client_secret",schemaPath:"#/properties/front_desk/properties/sign_in/properties/client_secret/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema19.properties.front_desk.properties.sign_in.properties.client_secret,data:data13};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/front_desk/sign_in/client_secret",schemaPath:"#/properties/front_desk/properties/sign_in/properties/client_secret/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema19.properties.front_desk.properties.sign_in.properties.client_secret.type,parentSchema:schema19.properties.front_desk.properties.sign_in.properties.client_secret,data:data13};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data10.email_verified !== undefined){
let data14 = data10.email_verified;
if("assumed" !== data14){
const err22 = {instancePath:instancePath+"/front_desk/sign_in/email_verified",schemaPath:"#/properties/front_desk/properties/sign_in/properties/email_verified/const",keyword:"const",params:{allowedValue: "assumed"},message:"must be equal to constant",schema:"assumed",parentSchema:schema19.properties.front_desk.properties.sign_in.properties.email_verified,data:data14};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
else {
const err23 = {instancePath:instancePath+"/front_desk/sign_in",schemaPath:"#/properties/front_desk/properties/sign_in/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema19.properties.front_desk.properties.sign_in.type,parentSchema:schema19.properties.front_desk.properties.sign_in,data:data10};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
let data15 = data9.operators;
if(Array.isArray(data15)){
const len0 = data15.length;
for(let i0=0; i0<len0; i0++){
let data16 = data15[i0];
if(typeof data16 === "string"){
if(!pattern15.test(data16)){
const err24 = {instancePath:instancePath+"/front_desk/operators/" + i0,schemaPath:"#/properties/front_desk/properties/operators/items/pattern",keyword:"pattern",params:{pattern: "^[^\\s@]+@[^\\s@]+$"},message:"must match pattern \""+"^[^\\s@]+@[^\\s@]+$"+"\"",schema:"^[^\\s@]+@[^\\s@]+$",parentSchema:schema19.properties.front_desk.properties.operators.items,data:data16};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
else {
const err25 = {instancePath:instancePath+"/front_desk/operators/" + i0,schemaPath:"#/properties/front_desk/properties/operators/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema19.properties.front_desk.properties.operators.items.type,parentSchema:schema19.properties.front_desk.properties.operators.items,data:data16};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
let i1 = data15.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data15[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err26 = {instancePath:instancePath+"/front_desk/operators",schemaPath:"#/properties/front_desk/properties/operators/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema19.properties.front_desk.properties.operators,data:data15};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err27 = {instancePath:instancePath+"/front_desk/operators",schemaPath:"#/properties/front_desk/properties/operators/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema19.properties.front_desk.properties.operators.type,parentSchema:schema19.properties.front_desk.properties.operators,data:data15};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data9.catalogue !== undefined){
let data17 = data9.catalogue;
if("public" !== data17){
const err28 = {instancePath:instancePath+"/front_desk/catalogue",schemaPath:"#/properties/front_desk/properties/catalogue/const",keyword:"const",params:{allowedValue: "public"},message:"must be equal to constant",schema:"public",parentSchema:schema19.properties.front_desk.properties.catalogue,data:data17};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/front_desk",schemaPath:"#/properties/front_desk/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema19.properties.front_desk.type,parentSchema:schema19.properties.front_desk,data:data9};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema19.type,parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
validate52.errors = vErrors;
return errors === 0;
}
validate52.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
