import type * as Swagger from '@nestjs/swagger';

type DecoratorName = Extract<keyof typeof Swagger, `Api${string}`>;
type Decorate = (...args: unknown[]) => (...target: unknown[]) => void;

const pending: ((swagger: Record<DecoratorName, Decorate>) => void)[] = [];

/**
 * Wrappers of Swagger's decorators, applied only when `npm run openapi:write` builds the description. The server does
 * not load `@nestjs/swagger`, which is a development dependency.
 */
const deferred = <Name extends DecoratorName>(name: Name): (typeof Swagger)[Name] => {
  const note: Decorate =
    (...args) =>
    (...target) =>
      void pending.push((swagger) => swagger[name](...args)(...target));
  return note as (typeof Swagger)[Name];
};

/** Applies the deferred decorators, in the order of their declaration. */
export function applySwaggerDecorators(swagger: typeof Swagger): void {
  for (const note of pending) note(swagger as unknown as Record<DecoratorName, Decorate>);
  pending.length = 0;
}

/** Applies decorators of a method to the method of a parameter. */
export function decorateMethod(
  [target, key]: Parameters<ParameterDecorator>,
  ...decorators: readonly MethodDecorator[]
): void {
  const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
  if (key === undefined || !descriptor) return; // a parameter of a constructor
  for (const decorate of decorators) decorate(target, key, descriptor);
}

export const ApiBody = deferred('ApiBody');
export const ApiExcludeController = deferred('ApiExcludeController');
export const ApiExcludeEndpoint = deferred('ApiExcludeEndpoint');
export const ApiExtension = deferred('ApiExtension');
export const ApiExtraModels = deferred('ApiExtraModels');
export const ApiHeader = deferred('ApiHeader');
export const ApiOperation = deferred('ApiOperation');
export const ApiParam = deferred('ApiParam');
export const ApiProperty = deferred('ApiProperty');
export const ApiPropertyOptional = deferred('ApiPropertyOptional');
export const ApiQuery = deferred('ApiQuery');
export const ApiResponse = deferred('ApiResponse');
export const ApiSchema = deferred('ApiSchema');
export const ApiSecurity = deferred('ApiSecurity');
export const ApiTags = deferred('ApiTags');
