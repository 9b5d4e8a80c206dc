import type * as Swagger from '@nestjs/swagger';

type DecoratorName = Extract<keyof typeof Swagger, `Api${string}`>;
type Decorate = (...said: unknown[]) => (...where: unknown[]) => void;

const pending: ((swagger: Record<DecoratorName, Decorate>) => void)[] = [];

/**
 * Swagger's decorators, which only describe: they wait for somebody to ask for the description. Until then its five
 * hundred modules are not loaded, which is a tenth of a start and of the memory of a server that nobody asks.
 */
const later = <Name extends DecoratorName>(name: Name): (typeof Swagger)[Name] => {
  const note: Decorate =
    (...said) =>
    (...where) =>
      void pending.push((swagger) => swagger[name](...said)(...where));
  return note as (typeof Swagger)[Name];
};

/** In the order in which they were written. */
export function decorate(swagger: typeof Swagger): void {
  for (const note of pending) note(swagger as unknown as Record<DecoratorName, Decorate>);
  pending.length = 0;
}

export const ApiBody = later('ApiBody');
export const ApiExcludeController = later('ApiExcludeController');
export const ApiExcludeEndpoint = later('ApiExcludeEndpoint');
export const ApiExtension = later('ApiExtension');
export const ApiExtraModels = later('ApiExtraModels');
export const ApiHeader = later('ApiHeader');
export const ApiOperation = later('ApiOperation');
export const ApiParam = later('ApiParam');
export const ApiProperty = later('ApiProperty');
export const ApiPropertyOptional = later('ApiPropertyOptional');
export const ApiQuery = later('ApiQuery');
export const ApiResponse = later('ApiResponse');
export const ApiSchema = later('ApiSchema');
export const ApiSecurity = later('ApiSecurity');
export const ApiTags = later('ApiTags');
